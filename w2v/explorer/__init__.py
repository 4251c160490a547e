"""The explorer: a small web server on this machine's loopback, and the page that it serves, or that is one file by itself.

map_points.py    the most frequent words in two dimensions, with counts and clusters
kept_arrangement.py  the map as t-SNE arranged it before, in the model's folder
tsne_process.py  t-SNE of the map in a process of its own, while the page is in use already
word_queries.py  what the page asks, answered by `WordVectors`, as JSON
security.py      headers and the token
app.py           the routes (starlette)
server.py        the socket, and uvicorn on it
bundle.py        the page's modules as one script
static_page.py   the explorer as one file to send, which carries what it answers
carried/         the script that answers there in the place of the server
page/            HTML, CSS and JavaScript, as a browser gets them
"""
