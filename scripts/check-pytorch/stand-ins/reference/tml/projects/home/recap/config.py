from tml.core.config import Section


class RecapConfig(Section):
    pass
