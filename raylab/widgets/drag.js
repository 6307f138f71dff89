// Python draws and speaks; this moves handles and holds no formula.
const SVG = "http://www.w3.org/2000/svg";
const REST = 500; // ms: the live region speaks when the hand rests, not on every frame
const LOST = 4000; // ms: after this a message without an answer is given up
// Jupyter's server leaves Nagle's algorithm on: a picture waits there, often for 40 ms, until the browser has
// acknowledged that the kernel is busy. Whatever the browser sends carries the acknowledgement, so after each act
// a few empty messages follow, until the picture is there.
const NUDGES = [4, 10, 18, 28]; // ms
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const clip = (value, low, high) => Math.min(high, Math.max(low, value));

function frame(el, view) {
  el.classList.add("ray-alive");
  el.innerHTML = `<div class="ray-stage"><svg class="ray-picture" role="img"><g></g><g></g></svg>
    <svg class="ray-layer"></svg></div><p></p><div class="ray-live" role="status" aria-live="polite"></div>`;
  const parts = {
    stage: el.querySelector(".ray-stage"),
    picture: el.querySelector(".ray-picture"),
    layer: el.querySelector(".ray-layer"),
    sentence: el.querySelector("p"),
    live: el.querySelector(".ray-live"),
  };
  [parts.back, parts.front] = parts.picture.children;
  if (view) for (const svg of [parts.picture, parts.layer]) svg.setAttribute("viewBox", view);
  else parts.stage.remove();
  return parts;
}

function knobs(layer, labels) {
  return labels.map((label) => {
    const knob = document.createElementNS(SVG, "g");
    knob.innerHTML =
      '<circle r="22" fill="transparent"/>' + // the hit area
      '<circle class="ray-ring" r="12" fill="none" stroke="#1F2328" stroke-width="2"/>' +
      '<circle r="7" fill="#1F2328" stroke="#FFFFFF" stroke-width="2"/>';
    knob.setAttribute("class", "ray-knob");
    knob.setAttribute("tabindex", 0);
    knob.setAttribute("role", "slider");
    knob.setAttribute("aria-roledescription", "draggable point");
    knob.setAttribute("aria-label", label);
    keepKeys(knob);
    layer.append(knob);
    return knob;
  });
}

// Arrow keys belong to the notebook, unless the very element that has the focus says otherwise.
const keepKeys = (element) => element.setAttribute("data-lm-suppress-shortcuts", "true");

// What ipywidgets leaves out: names of sliders, and radio buttons that belong together.
function mend(card) {
  for (const taker of card?.querySelectorAll(".noUi-handle, [type=radio]") ?? []) keepKeys(taker);
  for (const dial of card?.querySelectorAll(".ray-dial") ?? []) {
    const slider = dial.querySelector(".noUi-handle");
    slider?.setAttribute("aria-label", `${dial.querySelector(".widget-label").textContent}, slider`);
    slider?.setAttribute("aria-valuetext", dial.querySelector("input").value);
  }
  for (const group of card?.querySelectorAll(".widget-radio") ?? []) {
    const radios = group.querySelectorAll("input");
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", group.querySelector(".widget-label").textContent);
    for (const radio of radios) radio.name ||= radios[0].name || `ray-${Math.random()}`;
  }
}

function render({ model, el }) {
  const parts = frame(el, model.get("view"));
  const handles = knobs(parts.layer, model.get("labels"));
  let places = [], held = -1, id = Math.floor(1e9 * Math.random()), sent = 0, waiting = null, quiet, spoken = null, nudges = [];

  const free = (axis) => model.get("axes").includes(axis);
  const box = (i) => { // one for all handles, or four numbers for each
    const all = model.get("box");
    return all.length > 4 ? all.slice(4 * i, 4 * i + 4) : all;
  };
  const place = (i, [x, y]) => {
    const [x0, y0, x1, y1] = box(i);
    const share = free("x") && x1 > x0 ? (x - x0) / (x1 - x0) : (y1 - y) / (y1 - y0);
    places[i] = [x, y];
    handles[i].setAttribute("transform", `translate(${x} ${y})`);
    handles[i].setAttribute("aria-valuenow", Math.round(100 * share));
  };
  const send = (i, x, y) => {
    const [x0, y0, x1, y1] = box(i), [atX, atY] = places[i];
    place(i, [free("x") ? clip(x, x0, x1) : atX, free("y") ? clip(y, y0, y1) : atY]);
    if (sent && performance.now() - sent < LOST) { // one message in flight; meanwhile only the newest waits
      waiting = i;
      return;
    }
    sent = performance.now();
    model.send({ id: ++id, handle: i, x: places[i][0], y: places[i][1] });
    nudge();
  };
  const nudge = () => {
    if (!nudges.length) nudges = NUDGES.map((wait, i) => setTimeout(() => {
      model.send({});
      if (i === NUDGES.length - 1) nudges = [];
    }, wait));
  };
  const act = (event) => { // boxes, sliders and buttons of the same card
    const ours = !el.contains(event.target) && el.closest(".ray")?.contains(event.target);
    if (ours && (event.type !== "pointermove" || event.buttons)) nudge();
  };
  const under = (event) =>
    new DOMPoint(event.clientX, event.clientY).matrixTransform(parts.layer.getScreenCTM().inverse());

  handles.forEach((knob, i) => {
    let grip = [0, 0]; // where in the hit area it was taken: the point must not jump under the finger
    knob.onpointerdown = (event) => {
      const at = under(event);
      grip = [places[i][0] - at.x, places[i][1] - at.y];
      held = i;
      knob.setPointerCapture(event.pointerId);
      knob.focus();
      knob.classList.add("ray-held");
    };
    knob.onpointermove = (event) => {
      if (held !== i) return;
      const at = under(event);
      send(i, at.x + grip[0], at.y + grip[1]);
    };
    knob.onpointerup = knob.onpointercancel = () => {
      held = -1;
      knob.classList.remove("ray-held");
    };
    knob.onkeydown = (event) => {
      const way = ARROWS[event.key], step = model.get("step") * (event.shiftKey ? 10 : 1);
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      send(i, places[i][0] + step * way[0], places[i][1] + step * way[1]);
    };
  });

  const rest = () => {
    const text = parts.sentence.textContent;
    if (spoken !== null && text !== spoken) parts.live.textContent = text;
    spoken = text; // what stood there when the page came is not news
    mend(el.closest(".ray"));
  };
  const draw = () => {
    const words = model.get("sentence"), mark = model.get("mark"), readings = model.get("readings");
    parts.front.innerHTML = model.get("front");
    parts.sentence.innerHTML = words;
    parts.sentence.className = mark ? "ray-mark" : model.get("view") ? "ray-sentence" : "";
    parts.sentence.style.borderColor = mark;
    parts.picture.setAttribute("aria-label", parts.sentence.textContent);
    handles.forEach((knob, i) => knob.setAttribute("aria-valuetext", readings[i] ?? ""));
    clearTimeout(quiet);
    nudges.forEach(clearTimeout);
    nudges = [];
    quiet = setTimeout(rest, REST);
    // Somebody else's picture, while ours is still on its way?
    if (sent && model.get("answered") !== id && performance.now() - sent < LOST) return;
    sent = 0;
    const fresh = model.get("handles"), next = waiting;
    waiting = null;
    handles.forEach((_, i) => { if (i !== next) place(i, fresh[i]); });
    if (next !== null) send(next, ...places[next]);
  };
  const paint = () => { parts.back.innerHTML = model.get("back"); };
  paint();
  draw();
  const acts = ["keydown", "pointermove", "click"];
  for (const name of acts) document.addEventListener(name, act, true);
  model.on("change:frame", draw);
  model.on("change:back", paint);
  return () => {
    clearTimeout(quiet);
    nudges.forEach(clearTimeout);
    for (const name of acts) document.removeEventListener(name, act, true);
    model.off("change:frame", draw);
    model.off("change:back", paint);
  };
}

export default { render };
