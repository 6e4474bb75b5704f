"""Runs a command on a terminal of its own and prints, as JSON, what appeared on it.

terminal.py <text> <command> [argument...]: as soon as the text has appeared, Ctrl-C is typed; '' types nothing.
"""
import json
import os
import pty
import sys
import time

text, *command = sys.argv[1:]
started = time.monotonic()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown = b''
first = typed = None
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # How Linux tells that nobody has the terminal open any more.
        break
    if not chunk:
        break
    first = first or time.monotonic()
    shown += chunk
    if text and typed is None and text.encode() in shown:
        typed = time.monotonic()
        os.write(terminal, b'\x03')
_, status = os.waitpid(pid, 0)
ended = time.monotonic()
json.dump({
    'shown': shown.decode(),
    'code': os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
    'signal': os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
    'first': first and (first - started) * 1000,
    'stopped': typed and (ended - typed) * 1000,
}, sys.stdout)
