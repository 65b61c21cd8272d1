"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

const { AssetArchive, FileArchive, FileAsset, RemoteArchive, RemoteAsset, StringAsset } = pulumi.asset;

exports.assets = () => {
    new Thing("text", { asset: new StringAsset("content") });
    new Thing("file", { asset: new FileAsset("./some/file.txt") });
    new Thing("remote", { asset: new RemoteAsset("https://example.com/file") });
    new Thing("folder", { asset: new FileArchive("./folder") });
    new Thing("remoteArchive", { asset: new RemoteArchive("https://example.com/a.zip") });
    new Thing("archive", {
        asset: new AssetArchive({
            readme: new StringAsset("read me"),
            inner: new AssetArchive({ deep: new FileAsset("deep.txt") }),
            folder: new FileArchive("./folder"),
        }),
    });
    new Thing("list", { any: [new StringAsset("one"), new FileArchive("two")] });
    new Thing("secret", { asset: pulumi.secret(new StringAsset("hidden")) });
    return {};
};
