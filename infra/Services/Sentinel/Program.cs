using HaCluster.Sentinel.Commands;

return await CommandLine.RunAsync(
    args,
    new Dictionary<string, string?> { ["POD_NAME"] = Environment.GetEnvironmentVariable("POD_NAME") },
    Console.Out,
    Console.Error);
