using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

// A child that misbehaves on request, to see what a supervisor does about it. Words may be combined:
//   crash CODE     end with CODE at once                 ignore-term   do not end on SIGTERM
//   crash-after MS end with 3 after that time            fork          start a child of its own that sleeps, and print its pid
//   grow MB        keep growing up to that much memory   health PORT   answer GET with 200; after "sick MS", with 503
//   say TEXT       print TEXT to both outputs            flood         print without end
var i = 0;
var sickAfter = TimeSpan.MaxValue;
var start = Stopwatch.StartNew();
PosixSignalRegistration? ignored = null;
List<byte[]> kept = [];
while (i < args.Length)
{
    switch (args[i++])
    {
        case "crash":
            return int.Parse(args[i]);
        case "crash-after":
            await Task.Delay(TimeSpan.FromMilliseconds(int.Parse(args[i++])), TimeProvider.System);
            return 3;
        case "ignore-term":
            ignored = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
            break;
        case "fork":
            Console.WriteLine($"forked {Process.Start("sleep", "1000").Id}");
            break;
        case "grow":
            for (var left = int.Parse(args[i++]); left > 0; left--)
            {
                var piece = new byte[1024 * 1024];
                Array.Fill(piece, (byte)1);
                kept.Add(piece);
            }

            break;
        case "sick":
            sickAfter = TimeSpan.FromMilliseconds(int.Parse(args[i++]));
            break;
        case "health":
            var listener = new TcpListener(IPAddress.Loopback, int.Parse(args[i++]));
            listener.Start();
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    _ = await stream.ReadAsync(new byte[4096]);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(start.Elapsed > sickAfter ? "503 Sick" : "200 OK")}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                }
            });
            break;
        case "say":
            Console.WriteLine(args[i]);
            Console.Error.WriteLine(args[i++]);
            break;
        case "flood":
            while (true)
            {
                Console.WriteLine(new string('x', 100_000));
            }
        default:
            Console.Error.WriteLine($"unknown word {args[i - 1]}");
            return 2;
    }
}

Console.WriteLine($"ready {Environment.ProcessId}");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
GC.KeepAlive(kept);
GC.KeepAlive(ignored);
return 0;
