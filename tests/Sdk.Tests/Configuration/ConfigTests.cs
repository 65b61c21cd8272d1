using System.Text.Json;
using HaCluster.Sdk.Tests.Fakes;
using Pulumi;

namespace HaCluster.Sdk.Tests.Configuration;

public sealed class ConfigTests
{
    private sealed record Pool(int Min, string[] Types);

    private static Task<ProgramRun> WithAsync(Dictionary<string, string> settings, Action program)
        => ProgramRun.OfAsync(() =>
        {
            foreach (var (key, value) in settings)
                Deployment.Current.SetConfig(key, value);
            program();
        });

    private static async Task CheckAsync(Dictionary<string, string> settings, Action program)
    {
        var run = await WithAsync(settings, program);
        Assert.Empty(run.Engine.Errors);
    }

    [Fact]
    public Task Settings_are_read_as_their_types() => CheckAsync(
        new()
        {
            ["project:text"] = "t",
            ["project:flag"] = "true",
            ["project:count"] = "-3",
            ["project:ratio"] = "1.5e3",
            ["project:pool"] = """{"Min": 2, "Types": ["a", "b"]}""",
            ["aws:region"] = "eu-west-1",
        },
        () =>
        {
            var config = new Config();
            Assert.Equal(
                ("t", true, -3, 1500),
                (config.Require("text"), config.RequireBoolean("flag"), config.RequireInt32("count"), config.RequireDouble("ratio")));
            Assert.Equal(
                ("t", true, -3, 1500),
                (config.Get("text"), config.GetBoolean("flag"), config.GetInt32("count"), config.GetDouble("ratio")));
            Assert.Equal((2, "b"), (config.RequireObject<Pool>("pool").Min, config.GetObject<Pool>("pool")!.Types[1]));
            Assert.Equal("eu-west-1", new Config("aws").Require("region"));
            Assert.Equal("eu-west-1", new Config("aws:config").Require("region"));

            var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
            Assert.Equal(0, config.RequireObject<Pool>("pool", options).Min);
            Assert.Equal(0, config.GetObject<Pool>("pool", options)!.Min);
        });

    [Fact]
    public Task What_is_read_as_a_secret_is_one() => CheckAsync(
        new() { ["project:s"] = "true", ["project:n"] = "1", ["project:pool"] = """{"Min": 2, "Types": []}""" },
        () =>
        {
            var config = new Config();
            AssertSecret("true", config.RequireSecret("s"));
            AssertSecret("true", config.GetSecret("s")!);
            AssertSecret(true, config.RequireSecretBoolean("s"));
            AssertSecret(true, config.GetSecretBoolean("s")!);
            AssertSecret(1, config.RequireSecretInt32("n"));
            AssertSecret(1, config.GetSecretInt32("n")!);
            AssertSecret(1.0, config.RequireSecretDouble("n"));
            AssertSecret(1.0, config.GetSecretDouble("n")!);
            AssertSecret(2, config.RequireSecretObject<Pool>("pool").Apply(pool => pool.Min));
            AssertSecret(2, config.GetSecretObject<Pool>("pool")!.Apply(pool => pool.Min));

            static void AssertSecret<T>(T expected, Output<T> actual)
                => Assert.Equal((expected, true), (actual.DataTask.Result.Value, actual.DataTask.Result.IsSecret));
        });

    [Fact]
    public Task What_is_not_there_is_null() => CheckAsync(
        [],
        () =>
        {
            var config = new Config();
            Assert.Null(config.Get("x"));
            Assert.Null(config.GetBoolean("x"));
            Assert.Null(config.GetInt32("x"));
            Assert.Null(config.GetDouble("x"));
            Assert.Null(config.GetObject<Pool>("x"));
            Assert.Equal(0, config.GetObject<int>("x"));
            Assert.Null(config.GetSecret("x"));
            Assert.Null(config.GetSecretBoolean("x"));
            Assert.Null(config.GetSecretInt32("x"));
            Assert.Null(config.GetSecretDouble("x"));
            Assert.Null(config.GetSecretObject<int>("x"));
        });

    [Fact]
    public async Task What_must_be_there_says_how_to_set_it()
    {
        var run = await WithAsync([], () => new Config().RequireObject<Pool>("pool"));
        Assert.Equal(32, run.ExitCode);
        Assert.Equal(
            ["Missing Required configuration variable 'project:pool'\n" +
             "\tplease set a value using the command `pulumi config set project:pool <value>`"],
            run.Engine.Errors);
    }

    [Theory]
    [InlineData("True", "Boolean")]
    [InlineData("1.5", "Int32")]
    [InlineData("1,5", "Double")]
    [InlineData("[", "System.String[]")]
    public async Task What_is_of_another_type_says_so(string value, string type)
    {
        var run = await WithAsync(new() { ["project:key"] = value }, () =>
        {
            var config = new Config();
            _ = type switch
            {
                "Boolean" => config.GetBoolean("key") as object,
                "Int32" => config.GetInt32("key"),
                "Double" => config.GetDouble("key"),
                _ => config.GetObject<string[]>("key"),
            };
        });
        Assert.Equal([$"Configuration 'project:key' value '{value}' is not a valid {type}"], run.Engine.Errors);
    }
}
