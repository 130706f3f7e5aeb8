##@ Proof

.PHONY: test tests notebooks-run submit clean

test: tests notebooks-run ## Prove that this edition works on this machine
	@echo "all stages of make test passed"

tests: $(STAMP) ## Every check, on the compiled reference answers and on untouched stubs
	$(BIN)/pytest -n 2 $(TEST_FLAGS)

# Fresh copies: what you have written into yours is not on trial.
notebooks-run: $(STAMP) ## Run every notebook on the compiled reference answers
	mkdir -p build/notebooks
	for script in notebooks/*.py; do $(BIN)/jupytext --quiet --to notebook --set-kernel python3 \
	    --output build/notebooks/$$(basename $$script .py).ipynb $$script || exit 1; done
	VLA_COURSE_EXERCISES="$$PWD/vla_course/reference/compiled" \
	    $(BIN)/pytest --nbmake --nbmake-timeout=300 build/notebooks/*.ipynb

submit: $(STAMP) ## Pack your answers into submission.zip
	$(BIN)/vla-course submit

clean: ## Remove what was built and cached; keeps .venv and every answer
	rm -rf build .pytest_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

