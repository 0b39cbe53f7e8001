"""Photos: taken in, checked, turned into safe variants, described, stored under unguessable names.

Must not know posts; a photo names what it hangs on by number only.
"""
