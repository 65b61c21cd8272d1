"use strict";

const { Thing, Group } = require("../things");

exports.options = () => {
    const declare = (name, options) => new Thing(name, { text: name }, options);
    const first = new Thing("first", {}, { protect: true });
    declare("unprotected", { protect: false });
    declare("retained", { retainOnDelete: true });
    declare("deleteFirst", { deleteBeforeReplace: true });
    declare("createFirst", { deleteBeforeReplace: false });
    declare("ignoring", { ignoreChanges: ["text", "map.key"] });
    declare("replacing", { replaceOnChanges: ["text", "*"] });
    declare("hiding", { additionalSecretOutputs: ["value", "tags"] });
    declare("timed", { customTimeouts: { create: "5m", delete: "90s" } });
    declare("imported", { import: "existing-id" });
    declare("versioned", { version: "7.48.0", pluginDownloadURL: "https://example.com/plugins" });
    declare("deletedWith", { deletedWith: first });
    new Group("protectedGroup", {}, { protect: true });
    const parent = new Group("parent", {}, { protect: true, retainOnDelete: true });
    declare("childOfProtected", { parent });
    return {};
};
