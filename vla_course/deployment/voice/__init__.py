"""Speech in, speech out, offline; and no command where nothing was said."""
