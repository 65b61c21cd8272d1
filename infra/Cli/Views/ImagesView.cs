using System.Globalization;
using HaCluster.Cli.Images;
using HaCluster.Cli.Running;
using HaCluster.Cli.Terminal;
using Spectre.Console;

namespace HaCluster.Cli.Views;

/// <summary>The images of the services: what was built, where it is, and the settings that take it.</summary>
internal static class ImagesView
{
    public static void Show(IAnsiConsole console, IReadOnlyList<BuiltImage> built, IEnumerable<string> warnings)
    {
        console.WriteLine();
        var table = Listing.Create("Image", "Version", "Platform", ">MB", "Digest");
        foreach (var (image, _, _) in built)
            table.AddRow(new Text(image.Name), new Text(image.Tag), new Text(image.Platform), new Text((image.Size / 1e6).ToString("0.0", CultureInfo.InvariantCulture)), new Text(image.Digest));
        Listing.Write(console, table);
        console.WriteLine();
        foreach (var each in built)
        {
            if (each.Archive is { } archive)
                console.WriteRaw($"Written: {archive}");
            if (each.Reference is { } reference)
                console.WriteRaw($"Pushed: {reference}");
        }

        foreach (var warning in warnings)
            WarningsView.Show(console, [warning]);
    }

    /// <summary>The last thing that is printed, to be copied.</summary>
    /// <param name="text">Of a stack file.</param>
    public static void ShowSettings(IAnsiConsole console, string text, StackChoice choice)
    {
        if (text.Length == 0)
            return;
        var file = choice.SettingsPath ?? $"Pulumi.{choice.Stack ?? StackChoice.DefaultStack}.yaml";
        console.WriteLine();
        console.WriteRaw($"A stack takes them with these settings; --write puts them into {file}:");
        console.WriteLine();
        foreach (var line in text.TrimEnd().Split('\n'))
            console.WriteRaw(line);
    }
}
