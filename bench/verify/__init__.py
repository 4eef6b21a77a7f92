"""A printed table against the replies that it was made of."""
