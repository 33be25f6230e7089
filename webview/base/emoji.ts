// Emoji by name, for the composer's completion and the picker of reactions: those that people use in chats. Pure.

export type Emoji = { readonly name: string; readonly text: string };

/** Offered before anything is looked for. */
export const commonReactions = ["👍", "❤️", "😄", "🎉", "👀", "✅", "🙏", "🚀"] as const;

const table = `
smile 😄, smiley 😃, grin 😁, laughing 😆, joy 😂, rofl 🤣, sweat_smile 😅, slightly_smiling 🙂, upside_down 🙃, wink 😉,
blush 😊, innocent 😇, heart_eyes 😍, star_struck 🤩, kissing_heart 😘, yum 😋, stuck_out_tongue 😛, zany 🤪, nerd 🤓,
sunglasses 😎, thinking 🤔, face_with_monocle 🧐, raised_eyebrow 🤨, neutral 😐, expressionless 😑, no_mouth 😶, smirk 😏,
unamused 😒, eye_roll 🙄, grimacing 😬, relieved 😌, pensive 😔, sleepy 😪, sleeping 😴, mask 😷, sick 🤒, nauseated 🤢,
exploding_head 🤯, cowboy 🤠, partying 🥳, confused 😕, worried 😟, frowning 🙁, open_mouth 😮, astonished 😲, flushed 😳,
pleading 🥺, fearful 😨, cold_sweat 😰, cry 😢, sob 😭, scream 😱, disappointed 😞, weary 😩, tired 😫, yawning 🥱, triumph 😤,
angry 😠, rage 😡, swearing 🤬, skull 💀, poop 💩, clown 🤡, ghost 👻, alien 👽, robot 🤖, hugging 🤗, shushing 🤫, salute 🫡,
melting 🫠, facepalm 🤦, shrug 🤷,
thumbsup 👍, +1 👍, thumbsdown 👎, -1 👎, ok_hand 👌, pinched_fingers 🤌, v ✌️, crossed_fingers 🤞, metal 🤘, call_me 🤙,
point_left 👈, point_right 👉, point_up 👆, point_down 👇, wave 👋, raised_hand ✋, vulcan 🖖, fist ✊, punch 👊, clap 👏,
raised_hands 🙌, open_hands 👐, handshake 🤝, pray 🙏, writing_hand ✍️, muscle 💪, eyes 👀, brain 🧠,
heart ❤️, orange_heart 🧡, yellow_heart 💛, green_heart 💚, blue_heart 💙, purple_heart 💜, broken_heart 💔, sparkling_heart 💖,
hundred 💯, boom 💥, dizzy 💫, zzz 💤, speech 💬, thought 💭,
cat 🐱, dog 🐶, fox 🦊, panda 🐼, monkey 🐵, see_no_evil 🙈, unicorn 🦄, bee 🐝, bug 🐛, butterfly 🦋, snail 🐌, turtle 🐢,
snake 🐍, octopus 🐙, crab 🦀, whale 🐳, dolphin 🐬, penguin 🐧, owl 🦉, sloth 🦥, chicken 🐔, rubber_duck 🦆,
tree 🌳, seedling 🌱, cactus 🌵, rose 🌹, sunflower 🌻, four_leaf_clover 🍀, sun ☀️, cloud ☁️, rain 🌧️, snowflake ❄️,
rainbow 🌈, fire 🔥, ocean 🌊, star ⭐, sparkles ✨, moon 🌙, earth 🌍, zap ⚡,
apple 🍎, banana 🍌, pizza 🍕, burger 🍔, taco 🌮, cookie 🍪, cake 🍰, birthday 🎂, coffee ☕, tea 🍵, beer 🍺, beers 🍻,
champagne 🍾, popcorn 🍿,
tada 🎉, confetti 🎊, balloon 🎈, gift 🎁, trophy 🏆, medal 🏅, dart 🎯, game 🎮, dice 🎲, guitar 🎸, art 🎨,
rocket 🚀, car 🚗, train 🚆, airplane ✈️, bike 🚲, ship 🚢, construction 🚧, anchor ⚓, house 🏠, tent ⛺,
laptop 💻, keyboard ⌨️, phone 📱, battery 🔋, plug 🔌, floppy 💾, package 📦, bulb 💡, wrench 🔧, hammer 🔨, gear ⚙️, tools 🛠️,
magnet 🧲, key 🔑, lock 🔒, unlock 🔓, bell 🔔, mag 🔍, link 🔗, paperclip 📎, pushpin 📌, scissors ✂️, pencil ✏️, memo 📝,
book 📖, books 📚, calendar 📅, chart 📈, clipboard 📋, email 📧, mailbox 📬, bookmark 🔖, label 🏷️, wastebasket 🗑️,
hourglass ⏳, alarm ⏰, stopwatch ⏱️, test_tube 🧪, microscope 🔬, telescope 🔭, shield 🛡️, crystal_ball 🔮, money 💰, gem 💎,
check ✅, x ❌, warning ⚠️, question ❓, exclamation ❗, no_entry ⛔, stop 🛑, recycle ♻️, plus ➕, minus ➖, arrow_right ➡️,
arrow_left ⬅️, arrow_up ⬆️, arrow_down ⬇️, repeat 🔁, new 🆕, ok 🆗, sos 🆘, info ℹ️, red_circle 🔴, green_circle 🟢,
yellow_circle 🟡, checkered_flag 🏁, white_flag 🏳️
`;

export const emoji: readonly Emoji[] = table
  .split(",")
  .map((item) => item.trim().split(" "))
  .flatMap(([name, text]) => (name === undefined || text === undefined ? [] : [{ name, text }]));

/** Those whose name has a part that begins with what was typed; whole beginnings first, each emoji once. */
export function findEmoji(typed: string): Emoji[] {
  const key = typed.toLowerCase();
  const whole = emoji.filter(({ name }) => name.startsWith(key));
  const within = emoji.filter(({ name }) => name.includes(`_${key}`));
  const found = new Map<string, Emoji>();
  for (const one of [...whole, ...within]) if (!found.has(one.text)) found.set(one.text, one);
  return [...found.values()];
}
