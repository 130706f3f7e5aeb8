"""Many pieces of work at once, on this machine's processes or on a Dask cluster."""
