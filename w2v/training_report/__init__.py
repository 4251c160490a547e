"""The page of a training: what was trained, on what, how it went, and what came of it, as one file.

training_page.py   gathers what is known of a model, and writes the page
sections.py        its sections as HTML
loss_chart.py      the losses by epoch as a drawing
sample_words.py    a dozen telling words and their neighbors
report.css         its style, behind that of the explorer's page
"""
