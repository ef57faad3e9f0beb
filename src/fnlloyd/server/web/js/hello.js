// The four-line client: connect, say what happened, play what comes. The rest shows it on the page.

const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/chat`;
const playAudio = (audioUrl) => audioUrl && new Audio(audioUrl).play();
const text = document.querySelector("#text");

document.querySelector("button").addEventListener("click", () => {
  const ws = new WebSocket(url);
  ws.onmessage = (event) => { const data = JSON.parse(event.data); playAudio(data.audioUrl); text.textContent = data.text ?? data.message; };
  ws.onopen = () => ws.send(JSON.stringify({ type: "event", trigger: "boss_appear" }));
});
