"""From a build that passed everything to a release that readers open: compare, export, swap, roll back."""
