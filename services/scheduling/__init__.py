"""Plans the meetings of a child and the advocate around a conference, and reminds of them."""
