"""What happens to a file from outside before the portal believes a byte of it; runs in a process of its own.

Every parser that meets foreign bytes lives here. The process has little memory and time, knows no database and
no secret, and answers with one line of JSON. It imports neither Django nor the rest of the portal.
"""
