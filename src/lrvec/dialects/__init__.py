"""The schedules of other libraries by their own names, as native values. No module here imports the library."""
