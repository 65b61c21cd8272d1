using System.Net.Sockets;
using HaCluster.Payments.Arguments;
using HaCluster.Payments.Signing;
using HaCluster.Payments.Wallets;
using HaCluster.Services;
using Microsoft.AspNetCore.Builder;

namespace HaCluster.Payments.Tests.Signing;

/// <summary>Where the signer listens, as a person writes it.</summary>
public sealed class SignerSocketTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task A_file_that_is_no_socket_stays_as_it_is()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows does not tell a socket from a file");
        foreach (var content in new[] { "the only copy of a key", "" })
        {
            await File.WriteAllTextAsync(_scratch.At("hot.key"), content);
            Assert.Contains("hot.key exists and is not a socket", (await Assert.ThrowsAsync<IOException>(() => StartAsync(_scratch.At("hot.key")))).Message, StringComparison.Ordinal);
            Assert.Equal(content, await File.ReadAllTextAsync(_scratch.At("hot.key")));
        }

        Assert.Contains("is not a socket", (await Assert.ThrowsAsync<IOException>(() => StartAsync(_scratch.Path))).Message, StringComparison.Ordinal);
        Assert.Contains($"the folder {_scratch.At("none")} does not exist", (await Assert.ThrowsAsync<IOException>(() => StartAsync(_scratch.At("none/signer.sock")))).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_a_killed_signer_left_is_replaced()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows does not tell a socket from a file");
        var path = _scratch.At("signer.sock");
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(path));
            // .NET would remove it; a process that is killed does not.
            File.Move(path, $"{path}.kept");
        }

        File.Move($"{path}.kept", path);
        await using var server = await StartAsync(path);
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await probe.ConnectAsync(new UnixDomainSocketEndPoint(path));
    }

    [Fact]
    public void A_path_is_meant_from_the_current_folder_and_has_the_length_of_a_socket()
    {
        var problems = new List<string>();
        Assert.Equal(Path.GetFullPath("signer.sock"), SignerCommand.ReadSocket("--socket", "signer.sock", problems));
        Assert.Empty(problems);
        Assert.Null(SignerCommand.ReadSocket("--socket", $"/tmp/{new string('a', 120)}", problems));
        Assert.Contains("is too long for a Unix socket", Assert.Single(problems), StringComparison.Ordinal);
    }

    private async Task<WebApplication> StartAsync(string socket)
    {
        using var signer = new LocalSigner([], _scratch.Path, Networks.Development, TimeProvider.System, null);
        return await SignerServer.StartAsync(signer, socket, new EventLog(TextWriter.Null, TimeProvider.System, "subject"), default);
    }
}
