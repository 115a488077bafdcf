# What each worker process loads before its first job.
PRELOAD = "builder.pages.preload"
