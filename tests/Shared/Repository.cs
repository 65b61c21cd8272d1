namespace HaCluster.Tests.Shared;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Infra.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no Infra.sln above {AppContext.BaseDirectory}: run the tests from a checkout");
    }
}
