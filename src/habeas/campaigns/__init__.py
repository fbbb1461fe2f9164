"""Campaigns: pages, targets, demands, lifecycle, outcome, next action; publishing."""
