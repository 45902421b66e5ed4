"""What every other part stands on: errors, ids, time, plugins, files. Imports nothing of ours."""
