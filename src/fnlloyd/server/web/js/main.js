// The door: opens the game on this page. `?autoplay=1` is the demo, `?session=` names the session, `?level=` begins there.

import { Game } from "./game.js";
import { inspection } from "./inspection.js";

const game = new Game(new URLSearchParams(location.search));
window.fnlloyd = inspection(game);
game.start();
