using HaCluster.Payments.Arguments;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
