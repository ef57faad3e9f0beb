"""stub"""

import cyclopts

app = cyclopts.App(name="model", help="x")
