using HaCluster.Engine.Graph;
using HaCluster.Planning.Plans.Documents;
using HaCluster.Planning.Stacks;

namespace HaCluster.Cli.Running;

/// <summary>A file of <c>ha plan --json</c>, given where a stack name is also allowed.</summary>
internal static class RecordedPlan
{
    public static bool IsFile(string planOrStack) =>
        planOrStack.EndsWith(".json", StringComparison.Ordinal) || planOrStack.Contains(Path.DirectorySeparatorChar) || File.Exists(planOrStack);

    /// <param name="option">Prefix of the path in the error message.</param>
    /// <exception cref="UnreadableInputException">It cannot be read, or is not a plan.</exception>
    public static ResourceGraph Read(string path, string option = "")
    {
        try
        {
            using var file = InputFile.Open(path);
            return PlanDocumentReader.Read(file).Graph;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UnreadableInputException($"{option}{path}: {exception.Message}", exception);
        }
    }
}
