"""The bureau's cockpit: figures of all rooms, as tables with charts, each number with the list behind it."""
