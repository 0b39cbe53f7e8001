"""One file per feature; each view is ten lines: parse, one call, answer."""
