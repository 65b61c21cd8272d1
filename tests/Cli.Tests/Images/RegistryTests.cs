using HaCluster.Cli.Images;
using HaCluster.Cli.Tests.Processes;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Tests.Images;

/// <summary>Pushing a small image to Debian's registry, and what is said when that fails.</summary>
public sealed class RegistryTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableFact]
    public async Task What_was_pushed_can_be_pulled_part_by_part()
    {
        Skip.If(Registry.IsMissing, "needs docker-registry");
        using var registry = await Registry.StartAsync(_scratch);
        var image = Made();
        using var client = new RegistryClient(RegistryReference.Parse($"{registry.Host}/a/b"));
        await client.PushAsync(image, _ => { }, CancellationToken.None);
        Assert.Equal(await File.ReadAllBytesAsync(image.Manifest.Path), (await registry.GetAsync($"a/b/made/manifests/{image.Digest}")).Content);
        foreach (var blob in image.Layers.Append(image.Config))
            Assert.Equal(await File.ReadAllBytesAsync(blob.Path), (await registry.GetAsync($"a/b/made/blobs/{blob.Digest}")).Content);
    }

    [SkippableFact]
    public async Task What_the_registry_has_is_not_sent_again()
    {
        Skip.If(Registry.IsMissing, "needs docker-registry");
        using var registry = await Registry.StartAsync(_scratch);
        using var client = new RegistryClient(RegistryReference.Parse(registry.Host));
        var steps = new List<string>();
        await client.PushAsync(Made(), steps.Add, CancellationToken.None);
        Assert.Equal(3, steps.Count);
        await client.PushAsync(Made(), steps.Add, CancellationToken.None);
        Assert.Equal(3, steps.Count);
    }

    [SkippableTheory]
    [InlineData(null, "no credentials were found")]
    [InlineData("deployer:wrong", "as deployer")]
    public async Task Who_may_not_push_learns_it_before_anything_is_built(string? login, string expected)
    {
        Skip.If(Registry.IsMissing, "needs docker-registry");
        using var registry = await Registry.StartAsync(_scratch, asksWho: true);
        var result = Ha.Run(Ha.Checkout, registry.Login(_scratch, login), "images", "--push", $"{registry.Host}/team");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: not authorised to push to {registry.Host} ({expected})", result.Error, StringComparison.Ordinal);
        Assert.Contains($"docker login {registry.Host}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_that_does_not_answer_is_named_before_anything_is_built()
    {
        var host = $"127.0.0.1:{Waiting.FreePort()}";
        var result = Ha.Run("images", "--push", host);
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: the registry {host} cannot be reached: ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Most hosted registries have a token service (https://distribution.github.io/distribution/spec/auth/token/).</summary>
    [Fact]
    public async Task A_token_is_fetched_where_the_registry_says_and_sent_along()
    {
        await using var registry = new StandInRegistry("""Bearer realm="http://{0}/token",service="the registry" """, """{"token": "T1"}""");
        using var client = new RegistryClient(RegistryReference.Parse(registry.Host));
        await client.CheckAsync(CancellationToken.None);
        Assert.Equal(["/v2/ ", "/token?service=the%20registry ", "/v2/ Bearer T1"], registry.Asked);
    }

    [Theory]
    [InlineData("<html>please log in</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"T1\"")]
    [InlineData("""{"token": 1}""")]
    [InlineData("""{"token": ["T1"]}""")]
    [InlineData("""{"token": ""}""")]
    [InlineData("""{"token": "T1\nHost: x"}""")]
    [InlineData("""{"token": "T1", "token": "T2"}""")]
    [InlineData("<html>", "text/html; charset=bogus")]
    public async Task An_answer_without_a_token_is_an_error_of_the_registry(string answer, string? type = null)
    {
        await using var registry = new StandInRegistry("""Bearer realm="http://{0}/token" """, answer, type);
        using var client = new RegistryClient(RegistryReference.Parse(registry.Host));
        var exception = await Assert.ThrowsAsync<RegistryException>(() => client.CheckAsync(CancellationToken.None));
        Assert.Equal(($"the token service of {registry.Host}, http://{registry.Host}/token, answers without a token; a proxy may have answered", true), (exception.Message, exception.IsUnreachable));
    }

    [Theory]
    [InlineData("""Bearer realm="ftp://{0}/token" """)]
    [InlineData("""Bearer realm="mailto:somebody@example.com" """)]
    [InlineData("Bearer realm=token")]
    [InlineData("""Bearer service="a",service="b" """)]
    [InlineData("Basic")]
    public async Task A_demand_that_cannot_be_met_is_said_as_no_authorisation(string demand)
    {
        await using var registry = new StandInRegistry(demand, "");
        using var client = new RegistryClient(RegistryReference.Parse(registry.Host));
        var exception = await Assert.ThrowsAsync<RegistryException>(() => client.CheckAsync(CancellationToken.None));
        Assert.StartsWith($"not authorised to push to {registry.Host}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_is_there_twice_counts_once()
    {
        await using var registry = new StandInRegistry("""Bearer realm="http://{0}/token",realm="http://{0}/other",service="a",Service="b" """, """{"token": "T1"}""");
        using var client = new RegistryClient(RegistryReference.Parse(registry.Host));
        await client.CheckAsync(CancellationToken.None);
        Assert.Equal("/token?service=a ", registry.Asked[1]);
    }

    [SkippableFact]
    public async Task A_helper_of_docker_is_asked_for_the_registry()
    {
        using var helper = Helper("""printf '{"Username": "ada", "Secret": "of %s"}' "$(cat)" """);
        Assert.Equal(new RegistryCredentials("ada", "of 127.0.0.1:1"), await helper.AskAsync(CancellationToken.None));
    }

    [SkippableTheory]
    [InlineData("echo credentials not found in native keychain; exit 1")]
    [InlineData("echo '{}'")]
    public async Task A_helper_that_knows_none_gives_none(string script)
    {
        using var helper = Helper(script);
        Assert.Null(await helper.AskAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_helper_that_is_missing_is_named()
    {
        var file = _scratch.Write("auth.json", """{"credHelpers": {"127.0.0.1:1": "nobody-has"}}""");
        var exception = await Assert.ThrowsAsync<RegistryException>(() => RegistryCredentials.OfFileAsync(file, "127.0.0.1:1", CancellationToken.None));
        Assert.StartsWith("docker's settings name docker-credential-nobody-has for 127.0.0.1:1, and it is not on the PATH", exception.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_helper_that_waits_for_a_person_ends_with_the_command()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        var pid = _scratch.At("pid");
        using var helper = Helper($"echo $$ > '{pid}.new'; mv '{pid}.new' '{pid}'; exec sleep 600");
        using var interruption = new CancellationTokenSource();
        var asked = helper.AskAsync(interruption.Token);
        await Waiting.UntilAsync("the helper runs", () => File.Exists(pid));
        await interruption.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Waiting.UntilAsync("the helper has ended", async () => !Directory.Exists($"/proc/{(await File.ReadAllTextAsync(pid)).Trim()}"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"auths": []}""")]
    [InlineData("""{"auths": {}, "auths": {}}""")]
    [InlineData("""{"auths": {"HOST": {"auth": 1}}}""")]
    [InlineData("""{"auths": {"HOST": {"auth": "%"}}}""")]
    [InlineData("""{"credHelpers": {"HOST": 1}}""")]
    public async Task A_file_of_credentials_that_is_malformed_is_named(string text)
    {
        var file = _scratch.Write("auth.json", text.Replace("HOST", "127.0.0.1:1", StringComparison.Ordinal));
        var exception = await Assert.ThrowsAsync<RegistryException>(() => RegistryCredentials.OfFileAsync(file, "127.0.0.1:1", CancellationToken.None));
        Assert.StartsWith($"the credentials of 127.0.0.1:1 cannot be read from {file}: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://ghcr.io/team", "write the host and path without a scheme")]
    [InlineData("team/images", "it does not start with a registry host")]
    [InlineData("ghcr.io/Team", "in lower case")]
    [InlineData("ghcr.io/team:1.0", "without tag")]
    [InlineData("ghcr.io/a//b", "write a host and a path")]
    public void What_is_no_registry_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<UnreadableInputException>(() => RegistryReference.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-central-1.amazonaws.com/prod", "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/")]
    [InlineData("docker.io/team", "https://registry-1.docker.io/")]
    [InlineData("localhost:5000", "http://localhost:5000/")]
    [InlineData("registry.example.com:5000/", "https://registry.example.com:5000/")]
    public void Plain_HTTP_is_spoken_to_this_machine_only(string text, string address) => Assert.Equal(new Uri(address), RegistryReference.Parse(text).Address);

    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-central-1.amazonaws.com", "eu-central-1")]
    [InlineData("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1")]
    [InlineData("123456789012.dkr.ecr.eu-central-1.amazonaws.com.example.com", "")]
    public void The_credentials_of_AWS_are_for_registries_of_AWS(string host, string region) => Assert.Equal(region, RegistryOfAws.Pattern().Match(host).Groups["region"].Value);

    private ContainerImage Made() => ReproducibleImage.Of(MadeImage.Of(_scratch, DateTimeOffset.UnixEpoch, [("app/service", "program")]), _scratch.Path);

    private HelperProgram Helper(string script)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs scripts that are programs");
        var name = $"test-{Guid.NewGuid():n}";
        var program = _scratch.Write($"bin/docker-credential-{name}", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new HelperProgram(Path.GetDirectoryName(program)!, _scratch.Write("auth.json", $$"""{"credHelpers": {"127.0.0.1:1": "{{name}}"} }"""));
    }

    /// <summary>On the PATH of this process until it is disposed of.</summary>
    private sealed class HelperProgram : IDisposable
    {
        private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
        private readonly string _file;

        public HelperProgram(string directory, string file)
        {
            _file = file;
            Environment.SetEnvironmentVariable("PATH", $"{_path}{Path.PathSeparator}{directory}");
        }

        public Task<RegistryCredentials?> AskAsync(CancellationToken cancellationToken) => RegistryCredentials.OfFileAsync(_file, "127.0.0.1:1", cancellationToken);

        public void Dispose() => Environment.SetEnvironmentVariable("PATH", _path);
    }
}
