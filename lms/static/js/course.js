// The course page: marks the lessons that the reader has begun, and lets the main button lead to where to go on.
const course = document.querySelector("[data-course]");

async function open() {
  const response = await fetch(course.dataset.course, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (response.ok) show(await response.json());
}

function show({ lessons, next, done }) {
  course.querySelectorAll("[data-lesson]").forEach((item) => {
    const lesson = lessons[item.dataset.lesson];
    if (lesson) mark(item, lesson);
    if (next && item.dataset.lesson === String(next.lesson)) item.dataset.is = "now";
  });
  const button = document.querySelector("[data-go]");
  if (next) {
    button.href = next.address;
    button.lastElementChild.textContent = fill(course.dataset.sayGoOn, { number: next.number });
  } else if (done) {
    button.classList.remove("main");
    button.lastElementChild.textContent = course.dataset.sayAgain;
  }
}

function mark(item, lesson) {
  const words = document.createElement("span");
  if (lesson.done) {
    item.dataset.is = "done";
    words.className = "mark";
    words.dataset.is = "met";
  }
  words.textContent = lesson.done ? course.dataset.sayDone : length(lesson.covered);
  item.querySelector(".meta").prepend(words, " ");
}

function length(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes ? fill(course.dataset.sayMinutes, { m: minutes }) : fill(course.dataset.saySeconds, { s: seconds });
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
}

if (course) open().catch(() => {}); // without a network the page stays as it is for everybody
