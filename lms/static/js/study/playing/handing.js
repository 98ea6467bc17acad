// What the frame of an interactive content is made of, fetched by the page around it: the browser keeps for this page what
// it would not keep for a frame without an origin, and a second visit costs almost nothing.
const UNCHANGING = /^\/h5p\/(player|bundles)\//;

// Blobs by their addresses. What cannot be fetched is left out: the frame tries by itself, and says so if it fails as well.
export async function fetched(addresses, origin) {
  const files = {};
  await Promise.all(addresses.map((address) => new URL(address)).filter((each) => isOurs(each, origin)).map(async ({ href }) => {
    const response = await fetch(href).catch(() => null);
    const blob = response && response.ok && (await response.blob().catch(() => null));
    if (blob) files[href] = blob;
  }));
  return files;
}

function isOurs(address, origin) {
  return address.origin === origin && UNCHANGING.test(address.pathname);
}
