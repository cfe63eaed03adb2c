using Gantry.Cli;

using var interrupt = new Interrupt();
return await GantryProgram.RunAsync(args, CliContext.OfProcess(), interrupt.Token);
