from portal.shared import rooms


class ErrandConfig(rooms.Room):
    name = "tests.errand"
