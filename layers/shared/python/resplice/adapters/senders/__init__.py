"""A file for each kind of destination, called as in core.exports.kinds."""
