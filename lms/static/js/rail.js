// Brings the present page's link into view in a menu that scrolls sideways.
document.querySelectorAll(".rail [aria-current]").forEach((link) => {
  const rail = link.closest(".rail");
  rail.scrollLeft = link.offsetLeft - rail.offsetLeft - (rail.clientWidth - link.offsetWidth) / 2;
});
