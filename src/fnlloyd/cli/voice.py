"""stub"""

import cyclopts

app = cyclopts.App(name="voice", help="x")
