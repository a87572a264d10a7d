#!/bin/sh
# The history, lists and settings are the person's: they stay, and it is said where.
set -e
echo "Perpscope is removed. What it recorded stays in ~/.config/Perpscope of each person; delete that folder to delete all of it."
