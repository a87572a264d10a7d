/* global document, localStorage, location */
// The page that a browser is let in by: its key stays in this origin's storage, and the address with the token is forgotten.
localStorage.setItem('perpscope-key', document.documentElement.dataset.key);
location.replace('/');
