// Before anything is shown: with scripts the menu of a phone begins folded.
document.documentElement.classList.add("script");
