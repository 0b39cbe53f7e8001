"""Every component with made-up people and words, to be looked at in both languages and both themes.

Owns nothing but examples; must not be reachable on a server that is not in debug.
"""
