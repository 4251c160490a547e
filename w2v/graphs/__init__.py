"""Graphs: random walks over their nodes become sentences, and nodes get vectors (DeepWalk, node2vec)."""
