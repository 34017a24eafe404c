"""The live journal: flows, their steps as a diagram, and exports of them."""
