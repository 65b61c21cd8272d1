using HaCluster.Ledger.Arguments;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
