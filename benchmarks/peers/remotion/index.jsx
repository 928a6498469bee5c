// What Remotion's bundler begins at.
import { Composition, registerRoot } from "remotion";
import { Film } from "./film.jsx";

registerRoot(() => (
  <Composition
    id="film"
    component={Film}
    durationInFrames={360}
    fps={30}
    width={1920}
    height={1080}
    defaultProps={{ base: "" }}
  />
));
