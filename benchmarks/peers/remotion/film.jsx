// The film of benchmarks/movies.py `heavy`, as a user of Remotion would write it.
import inter from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";
import {
  AbsoluteFill,
  Html5Audio,
  Img,
  OffthreadVideo,
  Series,
  continueRender,
  delayRender,
  interpolate,
  useCurrentFrame,
} from "remotion";

const waiting = delayRender("the font");
const face = new FontFace("Inter", `url(${inter})`, { weight: "100 900" });
face.load().then(() => {
  document.fonts.add(face);
  continueRender(waiting);
});

const SCENE = 120;
const FILL = { width: "100%", height: "100%", objectFit: "cover" };
const WORDS = {
  fontFamily: "Inter",
  fontWeight: 700,
  color: "white",
  textAlign: "center",
  textShadow: "2px 2px 2px rgba(0, 0, 0, 0.6)",
};

// It grows by a fifth; its title comes and goes in half a second each.
function Photo({ base }) {
  const frame = useCurrentFrame();
  const scale = interpolate(frame, [0, SCENE - 1], [1, 1.2]);
  const opacity = interpolate(frame, [0, 15, SCENE - 15, SCENE], [0, 1, 1, 0]);
  return (
    <AbsoluteFill>
      <Img src={`${base}photo.jpg`} style={{ ...FILL, transform: `scale(${scale})` }} />
      <AbsoluteFill style={{ ...WORDS, fontSize: 96, opacity, justifyContent: "center" }}>
        Summer sale starts now
      </AbsoluteFill>
    </AbsoluteFill>
  );
}

function Still({ base }) {
  return (
    <AbsoluteFill>
      <Img src={`${base}still.jpg`} style={FILL} />
      <AbsoluteFill style={{ ...WORDS, fontSize: 77, justifyContent: "flex-end", paddingBottom: 40 }}>
        Only this weekend
      </AbsoluteFill>
    </AbsoluteFill>
  );
}

export function Film({ base }) {
  return (
    <AbsoluteFill>
      <Series>
        <Series.Sequence durationInFrames={SCENE}>
          <Photo base={base} />
        </Series.Sequence>
        <Series.Sequence durationInFrames={SCENE}>
          <OffthreadVideo src={`${base}heavy.mp4`} muted style={FILL} />
        </Series.Sequence>
        <Series.Sequence durationInFrames={SCENE}>
          <Still base={base} />
        </Series.Sequence>
      </Series>
      <Html5Audio src={`${base}music.mp3`} volume={0.5} />
    </AbsoluteFill>
  );
}
