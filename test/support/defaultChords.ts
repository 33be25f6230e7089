// The key presses that VS Code's own keybindings begin with, on any system: those of its workbench and its built-in
// extensions, of version 1.139, and those that its desktop versions for Linux, macOS and Windows list as their defaults, of
// version 1.118. By modifiers; each character is a key, and keys with longer names are left out. `mod` is Ctrl, and Cmd on macOS.
// `ctrl` is Ctrl on macOS, and the system's key elsewhere.
export const defaultChords: Readonly<Record<string, string>> = {
  alt: "-0123456789=[]`achklnprtwz",
  ctrl: "-/0123456789`abcdefghjklnopqrtw",
  "ctrl+alt": "/1gjnprx",
  "ctrl+shift": "-256`aegmqr",
  "ctrl+shift+alt": "`fj",
  mod: ",-./0123456789;=[\\]`abcdefghijklmnopqrstuvwxyz",
  "mod+alt": "-./0[]bcfgiklnoprstvwy",
  "mod+ctrl": "19fi",
  "mod+ctrl+alt": "/n",
  "mod+ctrl+shift": "/",
  "mod+ctrl+shift+alt": "u",
  "mod+shift": ",-./1256;=[\\]`abcdefghijklmnopqrstuvwxyz",
  "mod+shift+alt": "`cgilno",
  "shift+alt": ".019acdfhior",
};
