/** The document that somebody meets who has none. */

export const FIRST = `{
  "resolution": "hd",
  "variables": {
    "name": "Resplice",
    "claim": "Renders only what changed"
  },
  "elements": [
    {
      "type": "text",
      "text": "{{ name }}",
      "position": "bottom-right",
      "settings": { "font-size": "28px", "color": "#ffffff", "font-weight": "600" }
    }
  ],
  "scenes": [
    {
      "duration": 4,
      "background-color": "#0b3954",
      "elements": [
        {
          "type": "text",
          "style": "003",
          "text": "{{ name }}",
          "settings": { "font-size": "120px", "color": "#ffffff" }
        }
      ]
    },
    {
      "duration": 4,
      "background-color": "#bfd7ea",
      "transition": { "style": "fade", "duration": 0.5 },
      "elements": [
        {
          "type": "text",
          "text": "{{ claim }}",
          "settings": { "font-size": "72px", "color": "#0b3954" }
        }
      ]
    },
    {
      "duration": 4,
      "background-color": "#ff6663",
      "transition": { "style": "wipeleft", "duration": 0.5 },
      "elements": [
        {
          "type": "text",
          "text": "Edit a word: one block is rendered anew",
          "settings": { "font-size": "60px", "color": "#ffffff" }
        }
      ]
    }
  ]
}
`;
