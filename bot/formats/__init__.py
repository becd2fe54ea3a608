"""
Results as machines read them: a build server's test report, annotations, a code scanner's log.

Each module is one format. Data in, text out; nothing here reads a file or calls AWS.
"""
