// The key presses that VS Code's own keybindings begin with, on any system: those of its workbench and its built-in
// extensions, of version 1.139. By modifiers; each character is a key. `mod` is Ctrl, and Cmd on macOS.
// `ctrl` is Ctrl on macOS, and the system's key elsewhere.
export const defaultChords: Readonly<Record<string, string>> = {
  alt: "-0=[]`achklnprtwz",
  ctrl: "-/0`abcdefghjklnopqrt",
  "ctrl+alt": "1gjnprx",
  "ctrl+shift": "-256`aegmr",
  "ctrl+shift+alt": "`fj",
  mod: ",./019;[\\]`abcdefghijklmnopqrstuvwxyz",
  "mod+alt": "-.0[]bcfgiklnoprstvwy",
  "mod+ctrl": "19fi",
  "mod+ctrl+alt": "n",
  "mod+ctrl+shift": "/",
  "mod+ctrl+shift+alt": "u",
  "mod+shift": ",-./1256;[\\]`abcdefghijklmnoprstuvxyz",
  "mod+shift+alt": "`cgilno",
  "shift+alt": ".019acdfhio",
};
