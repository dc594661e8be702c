"""The language of clause templates, run in a bounded child process.

`sandbox` is the parent's side, `worker` the child's; they exchange lines of JSON.
"""
