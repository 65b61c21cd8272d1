namespace HaCluster.Cli.Tests.Images;

/// <summary>
/// Stands in for Microsoft's chiseled image, whose registry is not asked in tests: this machine's C library and OpenSSL, a user, and nothing else. buildah makes
/// and pushes it; in a user namespace of its own it needs no privileges.
/// </summary>
internal static class BaseImage
{
    private static readonly string[] Libraries = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1", "libz.so.1", "libssl.so.3", "libcrypto.so.3"];

    public static bool IsMissing => Programs.Find("buildah") is null || Programs.Find("unshare") is null;

    /// <returns>The name of the image.</returns>
    public static async Task<string> PushAsync(Registry registry, Scratch scratch)
    {
        var image = $"{registry.Host}/base:1";
        // The policy is the one that the package of buildah's libraries installs.
        scratch.Write("base/policy.json", """{"default": [{"type": "insecureAcceptAnything"}]}""");
        var script = scratch.Write("base/make.sh", $$"""
            set -e
            cd '{{scratch.At("base")}}'
            mkdir -p root/etc root/tmp root/lib64 home
            for library in {{string.Join(' ', Libraries)}}; do
                for path in /lib/*-linux-gnu/$library /usr/lib/*-linux-gnu/$library /lib64/$library /usr/lib64/$library; do
                    if [ -e "$path" ]; then mkdir -p "root${path%/*}"; cp -L "$path" "root$path"; break; fi
                done
            done
            for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do
                [ ! -e "$loader" ] || { mkdir -p "root${loader%/*}"; cp -L "$loader" "root$loader"; }
            done
            printf 'root:x:0:0::/:/sbin/nologin\napp:x:1654:1654::/:/sbin/nologin\n' >root/etc/passwd
            export HOME=$PWD/home BUILDAH_ISOLATION=chroot _CONTAINERS_USERNS_CONFIGURED=done
            run() { unshare --user --map-root-user --mount buildah --root "$PWD/store" --runroot "$PWD/run" --storage-driver vfs "$@"; }
            made=$(run from scratch)
            run copy --quiet "$made" root /
            run config --user 1654 --env PATH=/usr/bin "$made"
            run commit --quiet --format oci --tls-verify=false --signature-policy "$PWD/policy.json" "$made" docker://{{image}}
            # Files of the namespace's root: only there can they be removed.
            unshare --user --map-root-user rm -rf store run
            """);
        var made = await Programs.RunAsync("bash", [script]);
        Assert.True(made.Succeeded, made.Text);
        return image;
    }
}
