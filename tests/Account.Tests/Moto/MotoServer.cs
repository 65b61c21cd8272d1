using Amazon.Runtime;

namespace HaCluster.Account.Tests.Moto;

/// <summary>One moto, whose account is made empty for each test.</summary>
public sealed class MotoServer : IAsyncLifetime
{
    private MotoProcess? _moto;

    public Uri Endpoint => _moto!.Endpoint;

    public static BasicAWSCredentials Credentials => new("AKIAIOSFODNN7EXAMPLE", "not-a-secret");

    public async Task InitializeAsync() => _moto = await MotoProcess.StartAsync();

    /// <summary>An account in which nothing was made yet.</summary>
    public async Task<MotoAccount> ResetAsync()
    {
        Skip.If(_moto is null, MotoProcess.Needed);
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(Endpoint, "/moto-api/reset"), null);
        answer.EnsureSuccessStatusCode();
        return new MotoAccount(Endpoint);
    }

    public async Task DisposeAsync()
    {
        if (_moto is not null)
            await _moto.DisposeAsync();
    }
}

/// <summary>One moto for all tests that need it, one after the other: each begins with an empty account.</summary>
[CollectionDefinition(Name)]
public sealed class MotoCollection : ICollectionFixture<MotoServer>
{
    public const string Name = "moto";
}
